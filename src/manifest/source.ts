/** A file as git or the disk holds it, before anybody has looked inside. */
export interface SourceFile {
  /** Path from the top of the repository, with forward slashes. */
  readonly path: string;
  readonly kind: "file" | "executable" | "symlink" | "submodule";
  readonly bytes: Uint8Array;
}
