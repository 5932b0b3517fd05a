/** Why a transfer was not begun or broken off. */
export type RefusalKind =
  /** No such offer, wrong password, expired, of the other protocol: a stranger learns no more. */
  | 'unknown'
  /** In plain, where it has to be in TLS. */
  | 'plain'
  | 'used'
  | 'busy'
  | 'name'
  | 'too-large'
  | 'empty'
  | 'too-slow'
  | 'too-many'
  /** It ended in the middle, or cannot be read. */
  | 'broken'
  /** This side could not do it. */
  | 'failed'
  | 'withdrawn';

/** For the station and for the log; `message` holds no secret. */
export class TransferRefusal extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.name = 'TransferRefusal';
    this.kind = kind;
  }
}
