// The one desk of this window: the states, wired together, and where we are.
import { Depositing } from "./deposit.svelte";
import { CurrentDossier, type Screen, isDone, screenFor } from "./dossier.svelte";
import { Problems } from "./problems.svelte";
import { Reception } from "./reception.svelte";
import { Reviewing } from "./review.svelte";
import { Scanning } from "./scan.svelte";
import { Searching } from "./search.svelte";
import { Session } from "./session.svelte";
import { Shortcuts } from "./shortcuts.svelte";

export const problems = new Problems();
export const shortcuts = new Shortcuts();
export const session = new Session(problems);
export const dossier = new CurrentDossier(problems);
export const reception = new Reception(problems);
export const scanning = new Scanning(problems, dossier);
export const reviewing = new Reviewing(problems, dossier);
export const depositing = new Depositing(problems, dossier);
export const searching = new Searching(problems);

class Place {
  screen = $state<Screen>("reception");
  /** Where Esc leads back to from the search. */
  before = $state<Screen>("reception");

  go(screen: Screen): void {
    if (screen === this.screen) return;
    problems.clear();
    if (screen === "search") this.before = this.screen;
    this.screen = screen;
    void session.refresh();
  }

  back(): void {
    this.go(this.screen === "search" ? this.before : "reception");
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
    depositing.record = null;
    searching.clear();
    reception.recent = [];
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
