"""By which channel, to whom and where a campaign reaches people; claims."""
