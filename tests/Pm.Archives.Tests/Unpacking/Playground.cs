using System.Text;
using Pm.Linux;
using Pm.Packages;
using Pm.Storage.Unpacking;

namespace Pm.Archives.Tests.Unpacking;

/// <summary>A destination with something precious beside it, and an eye on both, whatever the unpacker says.</summary>
sealed class Playground : IDisposable
{
    readonly string _before;

    public Playground()
    {
        Top = System.IO.Directory.CreateTempSubdirectory("pm-unpack-").FullName;
        System.IO.Directory.CreateDirectory(Path.Combine(Top, "outside/folder"));
        System.IO.File.WriteAllText(Path.Combine(Top, "outside/secret"), "secret");
        System.IO.File.SetUnixFileMode(Path.Combine(Top, "outside/secret"), UnixFileMode.UserRead);
        _before = Outside();
    }

    public string Top { get; }

    public string Destination => Path.Combine(Top, "dest");

    public UnpackReport Unpack(byte[] archive, UnpackOptions? options = null)
    {
        try
        {
            using var destination = UnpackDestination.Open(Destination);
            return ArchiveUnpacking.Unpack(
                new MemoryStream(archive), "test.tar", destination, options ?? UnpackOptions.Default);
        }
        finally
        {
            CheckSafe(options?.AllowsSetId ?? false);
        }
    }

    /// <summary>The code and text of the refusal.</summary>
    public string Refusal(byte[] archive, UnpackOptions? options = null)
    {
        var fault = Assert.Throws<PackageFormatException>(() => Unpack(archive, options));
        return $"{fault.Code} {fault.Message}";
    }

    public string Text(string path) => System.IO.File.ReadAllText(Path.Combine(Destination, path));

    public int Mode(string path) => (int)System.IO.File.GetUnixFileMode(Path.Combine(Destination, path));

    /// <summary>Every path in the destination with its kind, sorted.</summary>
    public string[] Tree() => System.IO.Directory.Exists(Destination) ? [.. Walk(Destination)
        .Select(p => (Path: p[(Destination.Length + 1)..], Status: FileStatus.OfLink(p)!.Value))
        .OrderBy(e => e.Path, StringComparer.Ordinal)
        .Select(e => $"{e.Path} {e.Status.Kind}")] : [];

    public void Dispose()
    {
        using var parent = DirectoryHandle.Open(Path.GetDirectoryName(Top)!);
        parent.RemoveTree(Path.GetFileName(Top));
    }

    public void CheckSafe(bool allowsSetId)
    {
        Assert.Equal(_before, Outside());
        Assert.Empty(System.IO.Directory.EnumerateFileSystemEntries(Top)
            .Select(Path.GetFileName).Except(["outside", "dest"]));
        if (!System.IO.Directory.Exists(Destination))
        {
            return;
        }

        foreach (var path in Walk(Destination))
        {
            // .NET cannot name a file whose name is not UTF-8.
            if (StatusOf(path) is not { } status)
            {
                continue;
            }

            Assert.True(allowsSetId || status.IsSymbolicLink || (status.Mode & 0xe00) == 0, $"{path} has {status.Mode:x}");
            Assert.True(status.Kind is FileKind.Regular or FileKind.Directory or FileKind.SymbolicLink, path);
            Assert.True(!status.IsSymbolicLink || StaysInside(path), $"{path} leads outside");
        }
    }

    // The kernel itself says where a link that leads somewhere ends.
    bool StaysInside(string link)
    {
        if (Followed(link) is not { } status)
        {
            return !(new FileInfo(link).LinkTarget ?? "/").StartsWith('/');
        }

        string end;
        if (status.IsDirectory)
        {
            using var handle = DirectoryHandle.Open(link);
            end = OpenFile.PathOf(handle);
        }
        else
        {
            // An ordinary user may not open what an archive gave no right to read; the archive is unpacked and checked by now.
            System.IO.File.SetUnixFileMode(link, System.IO.File.GetUnixFileMode(link) | UnixFileMode.UserRead);
            using var handle = System.IO.File.OpenHandle(link);
            end = OpenFile.PathOf(handle);
        }

        return end == Destination || end.StartsWith(Destination + "/", StringComparison.Ordinal);
    }

    /// <summary>Null also where the marks that .NET puts for bytes that are no UTF-8 make the name too long.</summary>
    static FileStatus? StatusOf(string path)
    {
        try
        {
            return FileStatus.OfLink(path);
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENAMETOOLONG)
        {
            return null;
        }
    }

    static FileStatus? Followed(string link)
    {
        try
        {
            return FileStatus.Of(link);
        }
        catch (SystemCallException e) when (e.Errno == Errno.ELOOP)
        {
            return null;
        }
    }

    string Outside()
    {
        var text = new StringBuilder();
        foreach (var path in Walk(Path.Combine(Top, "outside")).Order(StringComparer.Ordinal))
        {
            var s = FileStatus.OfLink(path)!.Value;
            text.Append($"{path} {s.Kind} {s.Mode} {s.Links} {s.Size} {s.Modified:O}\n");
        }

        return text.ToString();
    }

    static IEnumerable<string> Walk(string folder)
    {
        foreach (var path in System.IO.Directory.EnumerateFileSystemEntries(folder))
        {
            yield return path;
            if (StatusOf(path) is { IsDirectory: true })
            {
                foreach (var below in Walk(path))
                {
                    yield return below;
                }
            }
        }
    }
}
