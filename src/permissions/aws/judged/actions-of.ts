/** Actions of a table: each line is a service and names of its actions. */
export function actionsOf(table: string): string[] {
  return table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [service, ...names] = line.trim().split(/\s+/);
      return names.map((name) => `${service}:${name}`);
    });
}
