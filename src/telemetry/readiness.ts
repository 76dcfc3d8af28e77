/** Does the server take requests? What asks is told no while it goes down, so that balancers send theirs elsewhere. */
export class Readiness {
  #reason: string | undefined = "starting";

  /** Why it takes none; undefined while it does. */
  get reason(): string | undefined {
    return this.#reason;
  }

  ready(): void {
    this.#reason = undefined;
  }

  stopping(): void {
    this.#reason = "stopping";
  }
}
