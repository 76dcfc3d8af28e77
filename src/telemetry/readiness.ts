/** Does the server take requests? Not while it goes down, so that balancers send them elsewhere. */
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
