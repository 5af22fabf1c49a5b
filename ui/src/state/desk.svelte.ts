// The one desk of this window: the states, wired together, and where we are.
import { call } from "../ipc/call";
import type { Step, UnfinishedView } from "../ipc/generated/commands";
import { Backup } from "./backup.svelte";
import { Centre } from "./centre.svelte";
import { Depositing } from "./deposit.svelte";
import { CurrentDossier, type Screen, isDone, screenFor } from "./dossier.svelte";
import { Effort } from "./effort";
import { Grouping } from "./group.svelte";
import { Problems } from "./problems.svelte";
import { Reception } from "./reception.svelte";
import { Reusing } from "./reuse.svelte";
import { Reviewing } from "./review.svelte";
import { Scanning } from "./scan.svelte";
import { Searching } from "./search.svelte";
import { Session } from "./session.svelte";
import { Shortcuts } from "./shortcuts.svelte";
import { Signing } from "./sign.svelte";
import { Slips } from "./slips.svelte";
import { Trash } from "./trash.svelte";

export const problems = new Problems();
export const shortcuts = new Shortcuts();
export const session = new Session(problems);
export const dossier = new CurrentDossier(problems);
export const reception = new Reception(problems);
export const scanning = new Scanning(problems, dossier);
export const effort = new Effort();
export const reviewing = new Reviewing(problems, dossier, effort);
reviewing.onfocus = (field) => keepPlace("review", field);
export const grouping = new Grouping(problems);
export const signing = new Signing(problems);
export const centre = new Centre(problems);
export const depositing = new Depositing(problems, dossier);
export const searching = new Searching(problems);
export const slips = new Slips(problems, dossier);
export const reusing = new Reusing(problems, dossier);
export const trash = new Trash(problems);
trash.onChange = () => {
  // Read again when it is shown again.
  scanning.document = null;
  void dossier.refresh().catch(() => undefined);
};
export const backup = new Backup(problems);

/** Places beside the way of a dossier: one comes back from them. */
function isAside(screen: Screen): boolean {
  return ["search", "group", "sign", "centre", "trash", "backup", "passphrase"].includes(screen);
}

function isStep(screen: Screen): screen is Step {
  return screen === "scan" || screen === "review" || screen === "deposit";
}

/** Remembers where the officer is, to go on there after a pause or a power cut. */
function keepPlace(step: Step, field: string | null = null): void {
  const document_id = dossier.documentId;
  // A place that is not remembered is no reason to stop anybody.
  if (document_id) void call("keep_place", { document_id, step, field }).catch(() => undefined);
}

class Place {
  screen = $state<Screen>("reception");
  /** Where Esc leads back to from the search and from the wall, the nearest last. */
  before = $state<Screen[]>([]);

  go(screen: Screen): void {
    if (screen === this.screen) return;
    problems.clear();
    if (isAside(screen)) this.before = [...this.before.filter((other) => other !== screen), this.screen];
    else this.before = [];
    this.screen = screen;
    void session.refresh();
    if (isStep(screen)) keepPlace(screen);
  }

  /** Goes on with a paper where it was left. */
  async resume(paper: UnfinishedView): Promise<void> {
    if (!(await dossier.open(paper.dossier_id))) return;
    reviewing.returnTo = paper.field;
    this.choose(paper.component_id);
  }

  back(): void {
    const before = isAside(this.screen) ? (this.before.at(-1) ?? "reception") : "reception";
    const rest = this.before.slice(0, -1).filter((screen) => screen !== before);
    this.go(before);
    this.before = rest;
  }

  /** Takes a paper of the list into the hand, at the step it has reached. */
  choose(componentId: string): void {
    dossier.choose(componentId);
    const component = dossier.component;
    if (component) this.go(screenFor(component));
  }

  step(by: 1 | -1): void {
    const component = dossier.step(by);
    if (component) this.go(screenFor(component));
  }

  /** Goes on with a dossier that was just taken into the hand. */
  work(): void {
    const component = dossier.component;
    if (component?.to_digitise && !isDone(component)) this.go(screenFor(component));
    else this.next();
  }

  /** The next paper that is not stored, or handing the papers back. */
  next(): void {
    const component = dossier.nextUnfinished;
    if (component) this.choose(component.id);
    else this.go("hand_back");
  }

  /** The officer leaves: nothing of what was shown stays. */
  forget(): void {
    scanning.document = null;
    reviewing.review = null;
    reviewing.cross.clear();
    depositing.record = null;
    searching.clear();
    grouping.clear();
    signing.clear();
    reusing.clear();
    trash.clear();
    backup.clear();
    reception.recent = [];
    reception.unfinished = [];
    this.newDossier();
  }

  newDossier(): void {
    dossier.clear();
    reception.clear();
    this.go("reception");
  }

  async openDossier(dossierId: string, componentId?: string): Promise<void> {
    if (!(await dossier.open(dossierId))) return;
    if (componentId) this.choose(componentId);
    else this.work();
  }

  /** How far the paper in hand has come, for the steps at the top. */
  isPast(screen: Screen): boolean {
    if (!dossier.dossier) return false;
    const state = dossier.component?.document?.state;
    switch (screen) {
      case "reception":
        return true;
      case "scan":
        return state === "extracted" || state === "deposited";
      case "review":
      case "deposit":
        return state === "deposited";
      case "hand_back":
        return dossier.toDigitise.length > 0 && dossier.toDigitise.every(isDone) && this.screen === "hand_back";
      default:
        return false;
    }
  }
}

export const place = new Place();
session.onStranger = () => place.forget();
