#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "unpack.h"

enum { BLOCK = 256 << 10, MAGIC = 4 };

static unsigned char block[BLOCK];
// What was read to tell the compression, and has not been passed on yet.
static size_t peeked;
// NULL: the layer is not compressed.
static struct archive *decompressor;
static bool has_ended;
static struct sha256_ctx digest;
static uint64_t most_bytes, remaining;

static size_t read_block(size_t from, size_t least) {
    size_t length = from;
    while (length < least) {
        ssize_t count = read(STDIN_FILENO, block + length, sizeof block - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("read the layer");
        if (count == 0) break;
        length += (size_t)count;
    }
    return length;
}

static la_ssize_t read_input(struct archive *archive, void *context, const void **bytes) {
    (void)archive;
    (void)context;
    *bytes = block;
    size_t length = peeked > 0 ? peeked : read_block(0, 1);
    peeked = 0;
    return (la_ssize_t)length;
}

// The filter is chosen here and not by libarchive, which would look for any that it knows, one inside the other.
static void open_decompressor(int filter) {
    decompressor = archive_read_new();
    if (!decompressor || archive_read_append_filter(decompressor, filter) != ARCHIVE_OK ||
        archive_read_support_format_raw(decompressor) != ARCHIVE_OK ||
        archive_read_support_format_empty(decompressor) != ARCHIVE_OK)
        fail("prepare to decompress");
    struct archive_entry *entry;
    if (archive_read_open(decompressor, NULL, NULL, read_input, NULL) != ARCHIVE_OK)
        refuse("is damaged: %s", reason(decompressor));
    int result = archive_read_next_header(decompressor, &entry);
    if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
        refuse("is damaged: %s", reason(decompressor));
    has_ended = result == ARCHIVE_EOF;
}

void open_stream(uint64_t most) {
    static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    most_bytes = remaining = most;
    sha256_init(&digest);
    peeked = read_block(0, MAGIC);
    if (peeked >= sizeof gzip && memcmp(block, gzip, sizeof gzip) == 0) open_decompressor(ARCHIVE_FILTER_GZIP);
    else if (peeked >= sizeof zstd && memcmp(block, zstd, sizeof zstd) == 0) open_decompressor(ARCHIVE_FILTER_ZSTD);
}

static size_t decompress(const void **bytes) {
    size_t length = 0;
    la_int64_t offset;
    if (has_ended) return 0;
    int result;
    do result = archive_read_data_block(decompressor, bytes, &length, &offset);
    while (result == ARCHIVE_OK && length == 0);
    has_ended = result == ARCHIVE_EOF;
    if (has_ended) return 0;
    if (result != ARCHIVE_OK) refuse("cannot be decompressed: %s", reason(decompressor));
    return length;
}

size_t next_bytes(const void **bytes) {
    size_t length = decompressor ? decompress(bytes) : (size_t)read_input(NULL, NULL, bytes);
    if (length > remaining) refuse("exceeds the %llu bytes that a layer may have", (unsigned long long)most_bytes);
    remaining -= length;
    sha256_update(&digest, length, *bytes);
    return length;
}

void finish_stream(uint8_t diff_id[DIFF_ID_SIZE]) {
    // Bytes after the end of the compressed stream are no part of the layer; the reader of the other end wants to be rid
    // of them.
    while (read_block(0, 1) > 0) continue;
    sha256_digest(&digest, DIFF_ID_SIZE, diff_id);
}
