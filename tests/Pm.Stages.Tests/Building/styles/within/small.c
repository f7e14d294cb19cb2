#define MOST 4
#include "walk.inc.h"
