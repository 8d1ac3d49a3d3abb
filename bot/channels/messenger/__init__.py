"""Facebook Messenger: Meta's webhook in, its Graph API out (docs/messenger.md).

`channel` checks a webhook and writes its events down (`inbox`) before it answers; a worker a person (`desk`) then takes
each event through a turn of the bot (`turn`), shapes what was said (`shape`) and sends it (`graph`).
"""
