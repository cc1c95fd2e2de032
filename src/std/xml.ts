/**
 * The door to `fast-xml-parser`.
 *
 * @module
 */
import { XMLParser, XMLValidator } from "fast-xml-parser";

/** A text that is no XML. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

/** An element of XML, without its attributes. */
export interface XmlElement {
  /** Its own text, without blanks around it; empty if it has none. */
  readonly text: string;
  /** Its child elements of this name, in order. */
  all(name: string): XmlElement[];
  /** The text of the first child element of this name; `undefined` if it has none. */
  textOf(name: string): string | undefined;
}

const PARSER = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  // A volume may be named 007.
  parseTagValue: false,
  trimValues: true,
  isArray: () => true,
});

/**
 * Reads a document. @returns An element around it, whose only child is its root.
 *
 * @throws {XmlError} If it is none.
 */
export function parseXml(text: string): XmlElement {
  // It could define entities that grow without end.
  if (text.includes("<!DOCTYPE")) throw new XmlError("XML with a document type is not taken");
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    throw new XmlError(`This is no XML: ${verdict.err.msg} (line ${verdict.err.line})`);
  }
  try {
    return toElement(PARSER.parse(text));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new XmlError(`This is no XML: ${error.message}`, { cause: error });
  }
}

/** @param value A text, or an object with a list for each name of a child, and `#text`. */
function toElement(value: unknown): XmlElement {
  const parts = new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  const text = typeof value === "string" ? value : parts.get("#text");
  const all = (name: string): XmlElement[] => {
    const children = parts.get(name);
    return Array.isArray(children) ? children.map(toElement) : [];
  };
  return {
    text: typeof text === "string" ? text : "",
    all,
    textOf: (name) => all(name)[0]?.text,
  };
}
