import { Text, hubspot } from '@hubspot/ui-extensions';

// What a card costs that shows nothing: the baseline of `card.bundle_kb`.
hubspot.extend<'crm.record.tab'>(() => <Text>Nothing</Text>);
