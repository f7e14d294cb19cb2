using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Repositories;

/// <summary>An index file, mapped.</summary>
sealed class MappedOwnIndex : IDisposable
{
    readonly IDisposable _file;

    MappedOwnIndex(IDisposable file, RepositoryIndex index) => (_file, Index) = (file, index);

    public RepositoryIndex Index { get; }

    /// <summary>Null where it is not there, or damaged: then it is made again.</summary>
    public static MappedOwnIndex? TryOpen(DirectoryHandle directory, string name)
    {
        var file = MappedFile.TryOpen(directory, name);
        try
        {
            return file is null ? null : new MappedOwnIndex(file, RepositoryIndex.Open(file.Memory, Path.Join(directory.Path, name)));
        }
        catch (PackageFormatException)
        {
            ((IDisposable)file!).Dispose();
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
