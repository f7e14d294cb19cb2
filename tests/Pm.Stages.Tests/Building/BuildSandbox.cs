using System.Collections.Concurrent;
using System.Text;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Packages.Pkg;
using Pm.Stages.Building;

namespace Pm.Stages.Tests.Building;

/// <summary>A project and a cache in a temporary directory, and what was noted while it was built.</summary>
sealed class BuildSandbox : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-building-").FullName;

    public BuildSandbox(string manifest)
    {
        Directory.CreateDirectory(Project);
        Directory.CreateDirectory(Scratch);
        Write("pm.toml", manifest);
    }

    public string Project => Path.Join(_directory, "project");

    public string Cache => Path.Join(_directory, "cache");

    public string Scratch => Path.Join(_directory, "scratch");

    public ConcurrentQueue<string> Notes { get; } = [];

    /// <summary>Of one that says nothing but its name and how it is built.</summary>
    public static BuildSandbox OfScript(string script) =>
        new($"[package]\nname = \"tool\"\nversion = \"1.0.0\"\n[build]\ncommand = '''\n{script}\n'''\n");

    public BuildOptions Options => new()
    {
        Cache = Cache,
        Now = DateTimeOffset.UnixEpoch.AddYears(50),
        Scratch = Scratch,
        Observer = new StageObserver { Note = Notes.Enqueue },
        Environment = new Dictionary<string, string>(),
        Jobs = 2,
    };

    public void Write(string path, string text, bool isExecutable = false)
    {
        var file = Path.Join(Project, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (isExecutable)
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        }
    }

    public BuildRequest Request() => new()
    {
        Directory = Project,
        Manifest = Manifest.Parse(File.ReadAllBytes(Path.Join(Project, "pm.toml")), "pm.toml"),
    };

    public Task<BuiltPackage> BuildAsync(BuildOptions? options = null, BuildRequest? request = null) =>
        new PackageBuild(options ?? Options).RunAsync(request ?? Request(), Xunit.TestContext.Current.CancellationToken);

    public async Task<StageException> FailAsync(BuildOptions? options = null, BuildRequest? request = null) =>
        await Xunit.Assert.ThrowsAsync<StageException>(() => BuildAsync(options, request));

    /// <summary>The text of a file of the package that was built.</summary>
    public static string Read(BuiltPackage built, string path) => Encoding.UTF8.GetString(ReadBytes(built, path));

    public static byte[] ReadBytes(BuiltPackage built, string path)
    {
        using var archive = PkgArchive.Open(File.OpenRead(built.File), built.File);
        var blobs = new MemoryBlobs();
        var package = archive.Expand(blobs);
        Xunit.Assert.Equal(built.Package.Hash, package.Hash);
        var entry = package.Entries.Single(e => e.Path == path);
        return blobs[entry.Root].ToArray();
    }

    public static IEnumerable<string> Paths(BuiltPackage built) => built.Package.Entries.Select(e => e.Path);

    /// <summary>Every path below the project with its content: what must not change.</summary>
    public string Picture() => string.Join('\n', Directory.EnumerateFileSystemEntries(Project, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(p => $"{p} {File.GetUnixFileMode(p)} {(Directory.Exists(p) ? "" : File.ReadAllText(p))}"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
