"""Every write of this room: who asks for an export, weighs it, builds it, fetches it and confirms it."""
