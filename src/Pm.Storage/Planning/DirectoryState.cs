namespace Pm.Storage.Planning;

/// <summary>What is at the place where a directory is needed.</summary>
enum DirectoryState
{
    Missing,
    Present,

    /// <summary>A symbolic link. Never followed: it may lead out of the root, and two paths would be one file.</summary>
    Link,

    /// <summary>A file of any other kind.</summary>
    File,
}
