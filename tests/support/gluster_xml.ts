/**
 * What a real cluster of three nodes printed (glusterfs 10.3, `gluster ... --xml` on gl1): `rep`, a
 * started volume of two replicas and an arbiter, `disp`, a started one of three bricks with one to
 * spare, and `dist`, a stopped one of two bricks.
 *
 * @module
 */

/** Reads one of the files in `tests/fixtures/gluster_xml`. */
export async function readGlusterXml(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../fixtures/gluster_xml/${name}.xml`, import.meta.url));
}
