namespace Pm.Storage.Unpacking;

enum MadeKind
{
    File,
    Directory,
    Symlink,
}
