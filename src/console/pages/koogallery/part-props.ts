/** What every part of a channel is given. */
export interface PartProps {
  slug: string;
  /** To be called when something of the channel has changed. */
  onChange(): void;
}
