/**
 * A certificate authority that openssl keeps, for certificates of every kind.
 *
 * @module
 */
import { makeTempFolder, type TempFolder } from "./temp_folder.ts";

/** A certificate and its key as files (PEM). */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateWish {
  /** Subject alternative names, such as `DNS:localhost`; none by default. */
  readonly names?: readonly string[];
  /** When its validity begins and ends, from now on. */
  readonly fromDays?: number;
  readonly untilDays?: number;
  readonly isCa?: boolean;
  /** The common name; that of the files by default. */
  readonly subject?: string;
}

const DAY_MS = 86_400_000;

const CONFIG = `
[ca]
default_ca = test
[test]
database = ./index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

/** Names and addresses of this machine. */
export const LOCAL_NAMES = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"];

/** Issues certificates into a folder of its own. */
export class TestCa implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  static async make(): Promise<TestCa> {
    const folder = await makeTempFolder();
    const ca = new TestCa(folder);
    await Promise.all([
      Deno.writeTextFile(ca.path("openssl.cnf"), CONFIG),
      Deno.writeTextFile(ca.path("index.txt"), ""),
    ]);
    await ca.selfSigned("ca", { isCa: true, subject: `ca-${crypto.randomUUID()}` });
    return ca;
  }

  /** The file of the authority's own certificate. */
  get file(): string {
    return this.path("ca.pem");
  }

  /** A file in the folder. */
  path(name: string): string {
    return `${this.#folder.path}/${name}`;
  }

  /** A certificate that the authority signs. */
  async issue(name: string, wish: CertificateWish = {}): Promise<Issued> {
    const files = this.#filesOf(name);
    const { fromDays = -1, untilDays = 365 } = wish;
    await this.#openssl(
      "req",
      ...newKey(files.key),
      "-subj",
      subjectOf(name, wish),
      "-out",
      "request.csr",
    );
    await Deno.writeTextFile(this.path("extensions"), extensions(wish).join("\n"));
    const validity = ["-startdate", toTime(fromDays), "-enddate", toTime(untilDays)];
    const signer = ["-config", "openssl.cnf", "-cert", "ca.pem", "-keyfile", "ca.key"];
    await this.#openssl(
      ...["ca", "-batch", "-notext", ...signer, ...validity, "-extfile", "extensions"],
      ...["-in", "request.csr", "-out", files.cert],
    );
    return files;
  }

  /** A certificate that is signed with its own key. */
  async selfSigned(name: string, wish: CertificateWish = {}): Promise<Issued> {
    const files = this.#filesOf(name);
    const added = extensions(wish).flatMap((line) => ["-addext", line]);
    await this.#openssl(
      ...["req", "-x509", ...newKey(files.key), "-out", files.cert, "-subj", subjectOf(name, wish)],
      ...["-days", String(wish.untilDays ?? 365), ...added],
    );
    return files;
  }

  /** Runs openssl in the folder. */
  async run(...args: readonly string[]): Promise<void> {
    await this.#openssl(...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }

  #filesOf(name: string): Issued {
    return { cert: this.path(`${name}.pem`), key: this.path(`${name}.key`) };
  }

  async #openssl(...args: readonly string[]): Promise<void> {
    const command = new Deno.Command("openssl", {
      args: [...args],
      cwd: this.#folder.path,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    });
    const { success, stderr } = await command.output();
    if (!success) throw new Error(`openssl ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}

function subjectOf(name: string, { subject = name }: CertificateWish): string {
  return `/CN=${subject}`;
}

function newKey(path: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path];
}

function extensions({ names = [], isCa = false }: CertificateWish): string[] {
  return [
    `basicConstraints=critical,CA:${isCa ? "TRUE" : "FALSE"}`,
    ...(names.length === 0 ? [] : [`subjectAltName=${names.join(",")}`]),
  ];
}

/** A time as openssl wants it, such as `20261208000000Z`. */
function toTime(inDays: number): string {
  const [time = ""] = new Date(Date.now() + inDays * DAY_MS).toISOString().split(".");
  return `${time.replaceAll(/[-T:]/g, "")}Z`;
}
