using Pm.Packages.Pkg;
using Pm.Storage.Packing;

namespace Pm.Archives.Tests.Packing;

/// <summary>A directory to be packed.</summary>
sealed class SourceFolder : IDisposable
{
    public SourceFolder()
    {
        Path = Directory.CreateTempSubdirectory("pm-pack-").FullName;
        File("meta.yaml", "name: sample\nversion: 1.0.0\ndescription: x\n");
    }

    public string Path { get; }

    public string At(string path) => System.IO.Path.Combine(Path, path);

    public SourceFolder File(string path, string content = "x", UnixFileMode? mode = null)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        System.IO.File.WriteAllText(At(path), content);
        if (mode is { } bits)
        {
            System.IO.File.SetUnixFileMode(At(path), bits);
        }

        return this;
    }

    public SourceFolder Link(string path, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        System.IO.File.CreateSymbolicLink(At(path), target);
        return this;
    }

    public PackageSource Read(PackOptions? options = null) =>
        PackageSource.Read(Path, "sample", options ?? PackOptions.Default, System.IO.Path.GetTempPath());

    public byte[] Pack(PackOptions? options = null)
    {
        using var source = Read(options);
        var target = new MemoryStream();
        PkgWriter.Write(target, new MemoryStream(), source.Package, source.OpenBlob);
        return target.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, true);
}
