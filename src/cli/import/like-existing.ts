import { nearest } from '../../domain/nearest.js';
import type { Fleet } from '../../operations/fleet.js';

/**
 * What a rehearsal says of sites and groups that would be made and are probably misspelt: their names are much like
 * those of others, which are there. `Depot 2` beside `Depot 1` is no mistake.
 * @returns a sentence for each
 */
export async function likeExisting(
  fleet: Fleet,
  { sites, groups }: { readonly sites: readonly string[]; readonly groups: readonly string[] },
): Promise<string[]> {
  const known = {
    site: sites.length > 0 ? (await fleet.run('site.list', {})).items : [],
    group: groups.length > 0 ? (await fleet.run('group.list', {})).items : [],
  };
  return (['site', 'group'] as const).flatMap((noun) => {
    const names = known[noun].map(({ name }) => name);
    return (noun === 'site' ? sites : groups).flatMap((name) => {
      const near = nearest(name, names);
      if (near === undefined || digitsOf(near) !== digitsOf(name)) return [];
      return `Is ${JSON.stringify(name)} the ${noun} ${JSON.stringify(near)}, which is there already?`;
    });
  });
}

function digitsOf(name: string): string {
  return name.replaceAll(/\D/g, '');
}
