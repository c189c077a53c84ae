/**
 * The known names closest to a mistyped one (edit distance at most a third of its length, or a shared part), best
 * first.
 */
export function nearestNames(name: string, candidates: Iterable<string>, most = 3): readonly string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceOf(name, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** ` (did you mean x or y?)`, or nothing where no name is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const names = nearestNames(name, candidates);
  return names.length === 0 ? '' : ` (did you mean ${names.map((near) => `"${near}"`).join(' or ')}?)`;
}

function distanceOf(name: string, candidate: string): number {
  const distance = editDistance(name, candidate);
  return name.length >= 3 && candidate.includes(name) ? Math.min(distance, 2) : distance;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
