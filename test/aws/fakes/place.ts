export interface Place {
  readonly region: string;
  readonly account: string;
}
