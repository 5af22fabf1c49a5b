import { beforeEach, describe, expect, it, vi as vitest } from "vitest";
import type { CardView } from "../ipc/generated/commands";
import { dossier } from "./papers.test-support";
import { Problems } from "./problems.svelte";
import { Reception } from "./reception.svelte";

const core = vitest.hoisted(() => ({ call: vitest.fn() }));
vitest.mock("../ipc/call", () => ({ call: core.call, Problem: class extends Error {} }));

const CARD: CardView = {
  id: "001093047064",
  name: "Trần Văn Bình",
  birth_on: "1993-01-05",
  sex: "Nam",
  address: "Số 1, Xã A, Tỉnh B",
  name_doubtful: false,
  address_doubtful: false,
};

async function received(card: CardView, change: (reception: Reception) => void = () => {}) {
  core.call.mockImplementation(async (command: string) => (command === "read_card" ? card : dossier(null)));
  const reception = new Reception(new Problems());
  await reception.readCard(["typed"]);
  change(reception);
  await reception.receive();
  return core.call.mock.calls.find(([command]) => command === "receive_dossier")?.[1];
}

beforeEach(() => {
  core.call.mockReset();
});

describe("what a card says beside name and number", () => {
  it("is received with its owner", async () => {
    expect(await received(CARD)).toMatchObject({
      owner_id: CARD.id,
      owner_birth_on: "1993-01-05",
      owner_sex: "Nam",
      owner_address: "Số 1, Xã A, Tỉnh B",
    });
  });

  it("stays with its owner when the officer only mends the spelling of the name", async () => {
    const request = await received(CARD, (reception) => (reception.ownerName = "Trần Văn Bính"));
    expect(request).toMatchObject({ owner_name: "Trần Văn Bính", owner_birth_on: "1993-01-05" });
  });

  it("never goes along with another person's number", async () => {
    const request = await received(CARD, (reception) => (reception.ownerId = "099194701940"));
    expect(request).toMatchObject({ owner_birth_on: null, owner_sex: null, owner_address: null });
  });

  it("is left out where it has still to be compared with the card", async () => {
    const request = await received({ ...CARD, address_doubtful: true });
    expect(request).toMatchObject({ owner_birth_on: "1993-01-05", owner_address: null });
  });
});
