import { osSection } from './os.ts';
import type { HostSection } from './section.ts';

/** The register of what the host script can ask, one line per section, in the order in which they run: cheap ones first. */
export const SECTIONS: readonly HostSection[] = [osSection];
