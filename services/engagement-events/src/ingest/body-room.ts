/** Room in memory for one body, taken as it arrives: a Content-Length alone takes none. */
export interface BodyRoom {
  /** @throws when there is no room left */
  take(bytes: number): void;
  /** Gives all of it back. A second call has no effect. */
  release(): void;
}

interface RoomLimits {
  readonly bodyBytesInFlight: number;
  readonly bodyBytesPerKey: number;
}

/** Bodies up to this size may also use the last eighth of the room: large ones do not keep single events out. */
const SMALL_BYTES = 65_536;

/** The memory that all bodies take together, and those of each key. */
export class BodyRooms {
  readonly #limits: RoomLimits;
  readonly #ofKey = new Map<number, number>();
  #total = 0;

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** @param full throws the error to answer with when there is no room */
  open(keyId: number, full: (isOfKey: boolean) => never): BodyRoom {
    let mine = 0;
    return {
      take: (bytes) => {
        const { bodyBytesInFlight, bodyBytesPerKey } = this.#limits;
        const ofKey = this.#ofKey.get(keyId) ?? 0;
        if (ofKey + bytes > bodyBytesPerKey) {
          full(true);
        }
        const most = mine + bytes > SMALL_BYTES ? (bodyBytesInFlight * 7) / 8 : bodyBytesInFlight;
        if (this.#total + bytes > most) {
          full(false);
        }
        mine += bytes;
        this.#total += bytes;
        this.#ofKey.set(keyId, ofKey + bytes);
      },
      release: () => {
        const left = (this.#ofKey.get(keyId) ?? 0) - mine;
        if (left > 0) {
          this.#ofKey.set(keyId, left);
        } else {
          this.#ofKey.delete(keyId);
        }
        this.#total -= mine;
        mine = 0;
      },
    };
  }
}
