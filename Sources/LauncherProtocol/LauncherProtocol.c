#include "LauncherProtocol.h"
