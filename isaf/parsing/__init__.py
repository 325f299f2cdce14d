"""i.SAF document → `isaf.types`, in one pass and constant memory, with the place of every fault."""
