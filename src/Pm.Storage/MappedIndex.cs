using Pm.Linux;
using Pm.Packages.Index;

namespace Pm.Storage;

/// <summary>The index of a remote, mapped: it answers until it is disposed.</summary>
public sealed class MappedIndex : IDisposable
{
    readonly IDisposable _file;

    /// <exception cref="Packages.PackageFormatException">PM2018: it is damaged, or of another version of pm.</exception>
    internal MappedIndex(MappedFile file, string path)
    {
        _file = file;
        Index = RepositoryIndex.Open(file.Memory, path);
    }

    public RepositoryIndex Index { get; }

    public void Dispose() => _file.Dispose();
}
