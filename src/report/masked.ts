/** First two and last three; of a short id only the first, since five characters would be nearly all of it. */
export function masked(id: string): string {
  const characters = Array.from(id);
  if (characters.length < 8) return `${characters[0] ?? ""}…`;
  return `${characters.slice(0, 2).join("")}…${characters.slice(-3).join("")}`;
}
