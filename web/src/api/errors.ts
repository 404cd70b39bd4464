/** Why a request gave nothing. Who must act: the reader (Refused), whoever runs the service (Unreachable). */

/** The service answered, and said no. `reason` is its own one line. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(
    readonly status: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** No answer: the service is down, or the network between is. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}
