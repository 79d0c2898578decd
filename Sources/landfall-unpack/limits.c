#include "unpack.h"

static uint64_t most_entries, most_bytes, entries, apparent, allocated;

void set_limits(uint64_t entry_limit, uint64_t byte_limit) {
    most_entries = entry_limit;
    most_bytes = byte_limit;
}

void count_entry(uint64_t bytes) {
    if (entries >= most_entries)
        refuse("is one more than the %llu that a layer may have", (unsigned long long)most_entries);
    entries += 1;
    if (bytes > most_bytes - apparent)
        refuse("exceeds the %llu bytes that a layer may have", (unsigned long long)most_bytes);
    apparent += bytes;
}

void count_allocated(uint64_t bytes) { allocated += bytes; }

uint64_t counted_entries(void) { return entries; }

uint64_t counted_allocated(void) { return allocated; }
