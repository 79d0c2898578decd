// The files of this target as text: UTF-8, without a zero at the end. They last as long as the program.
#pragma once

#include <stddef.h>

/// permissions.txt, and its length in bytes.
const unsigned char *predefined_permissions(size_t *length);

/// The files of roles/ one after another, basic.txt first, and their length in bytes.
const unsigned char *predefined_roles(size_t *length);
