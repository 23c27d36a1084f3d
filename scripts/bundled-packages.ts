/** The packages that Vite has built into the pages, as the licences beside them say; needs a build. */
import { readFileSync } from 'node:fs';

const PAGES = ['console', 'form'];
/** `## preact - 11.2.0 (MIT)`, then the text of the licence. */
const HEADING = /^## (?<name>\S+) - (?<version>\S+) \((?<licence>.+)\)$/;

export interface BundledPackage {
  name: string;
  version: string;
  /** As the package declares it. */
  licence: string;
  /** The whole licence; empty if the package has none. */
  text: string;
}

export function bundledPackages(): BundledPackage[] {
  return PAGES.flatMap((page) => {
    const [, ...sections] = readFileSync(`dist/${page}/assets/licenses.md`, 'utf8').split(/^(?=## )/m);
    return sections.map((section) => {
      const [heading = '', ...text] = section.split('\n');
      const { name = '', version = '', licence = '' } = HEADING.exec(heading)?.groups ?? {};
      if (name === '') throw new Error(`No package is named by "${heading}".`);
      return { name, version, licence, text: text.join('\n').trim() };
    });
  });
}
