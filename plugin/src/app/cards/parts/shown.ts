import type { Card } from '../answer.ts';
import type { Speech } from '../speech.ts';

/** What a part of the card is given. */
export interface Shown {
  card: Card;
  speech: Speech;
  /** where records of HubSpot open; null when that is not known */
  records: string | null;
}
