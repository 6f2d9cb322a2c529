import type { Project } from '../lifecycle/sighting.ts';

/** Why, when and where something is done. */
export interface Occasion {
  readonly now: Date;
  readonly reason: string;
  /** Who asked, as they claim. */
  readonly caller: string;
  readonly project: Project;
}
