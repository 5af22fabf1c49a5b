import { describe, expect, it } from "vitest";
import { CurrentDossier, screenFor } from "./dossier.svelte";
import { dossier } from "./papers.test-support";
import { Problems } from "./problems.svelte";

function current(...states: Parameters<typeof dossier>): CurrentDossier {
  const state = new CurrentDossier(new Problems());
  state.take(dossier(...states));
  return state;
}

describe("the paper in hand", () => {
  it("is the first that is not stored yet", () => {
    expect(current("deposited", "extracted", null).componentId).toBe("component-1");
  });

  it("is followed by the next that is not stored, going round", () => {
    const state = current(null, "deposited", "scanning");
    expect(state.nextUnfinished?.id).toBe("component-2");
    state.choose("component-2");
    expect(state.nextUnfinished?.id).toBe("component-0");
  });

  it("has no successor when all are stored", () => {
    expect(current("deposited", "deposited").nextUnfinished).toBeNull();
  });

  it("goes on where it has come to", () => {
    const components = current(null, "scanning", "extracted", "deposited").dossier?.components ?? [];
    expect(components.map(screenFor)).toEqual(["scan", "scan", "review", "deposit"]);
  });

  it("stays at the ends of the list", () => {
    const state = current(null, null);
    expect(state.step(-1)).toBeNull();
    expect(state.componentId).toBe("component-0");
    expect(state.step(1)?.id).toBe("component-1");
  });
});
