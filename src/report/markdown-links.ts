import type { MarkdownView } from "./markdown-view.ts";

/** A link under words of ours; undefined for what is no plain https address. */
export function link(words: string, url: string): string | undefined {
  return /^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w.%~-]+)*\/?$/.test(url) ? `[${words}](${url})` : undefined;
}

/** A file of a branch: linked where its name hides nobody and its address is a plain one, else only named. */
export function fileLink(
  { repositoryUrl, branch }: { readonly repositoryUrl: string; readonly branch: string },
  path: string,
  view: MarkdownView,
): string {
  const name = view.name(path);
  if (name !== `\`${path}\`` || view.name(branch) !== `\`${branch}\``) return name;
  return link(name, `${repositoryUrl}/blob/${escapedPath(branch)}/${escapedPath(path)}`) ?? name;
}

function escapedPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
