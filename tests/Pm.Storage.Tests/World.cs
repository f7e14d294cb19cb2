using System.Globalization;
using System.Text;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage.Tests;

/// <summary>A store and a root in a directory of their own, and packages made of texts.</summary>
sealed class World : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    static int _count;

    readonly RootKind _kind;

    public World(RootKind kind = RootKind.Prefix, string? home = null, string? rootHome = null)
    {
        _kind = kind;
        var name = string.Create(
            CultureInfo.InvariantCulture, $"pm-storage-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Home = Path.Join(home ?? Fast, name);
        RootHome = Path.Join(rootHome ?? home ?? Fast, name);
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(RootHome);
        Open();
    }

    /// <summary>Memory where there is any: syncing a busy disk takes seconds and proves nothing here.</summary>
    public static string Fast { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public string Home { get; }

    public string RootHome { get; }

    public string RootPath => Path.Join(RootHome, "root");

    public string StorePath => Path.Join(Home, "store");

    public Store Store { get; private set; } = null!;

    public Root Root { get; private set; } = null!;

    public WriterOptions Writer { get; init; } = new() { Holder = "pm test", LockTimeout = TimeSpan.Zero };

    /// <summary>As a new process would: nothing is remembered.</summary>
    public void Reopen()
    {
        Root.Dispose();
        Store.Dispose();
        Open();
    }

    public Package Save(string name, string version, params (string Path, string Text)[] files) =>
        Save(new PackageBuilder(PackageId.Parse($"{name}@{version}")), files);

    public Package Save(PackageBuilder builder, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            Add(builder, path, text);
        }
        var package = builder.Build();
        Store.Save(package);
        return package;
    }

    /// <summary>A text beginning with "→" is the target of a link, one beginning with "#!" makes the file executable.</summary>
    public void Add(PackageBuilder builder, string path, string text, int? mode = null)
    {
        if (text.StartsWith('→'))
        {
            builder.AddSymlink(path, text[1..]);
            return;
        }
        var isExecutable = text.StartsWith("#!", StringComparison.Ordinal);
        var root = Put(text, (mode is { } m && (m & 0b001_001_001) != 0) || (mode is null && isExecutable));
        builder.AddFile(path, root, mode ?? (isExecutable ? 0b111_101_101 : 0b110_100_100));
    }

    public MerkleRoot Put(string text, bool executable = false)
    {
        using var writer = Store.Create(executable);
        writer.Append(Encoding.UTF8.GetBytes(text));
        return writer.Commit();
    }

    public static InstalledPackage Asked(Package package) => new() { Id = package.Id, Hash = package.Hash };

    public Generation Install(params Package[] packages) => Apply(w => Planner.Plan(Root, Store, [.. packages.Select(Asked)]));

    public Generation Rollback(int number) => Apply(w => Planner.PlanRollback(Root, Store, number));

    public Generation Apply(
        Func<RootWriter, ChangePlan> plan, Action<HookCall>? hook = null, CancellationToken cancellation = default)
    {
        using var writer = RootWriter.Open(Root, Store, Writer, CancellationToken.None);
        return Transaction.Apply(writer, plan(writer), Options(hook), cancellation);
    }

    public TransactionOptions Options(Action<HookCall>? hook = null) =>
        new() { Command = "pm test", Now = Start, RunHook = hook, Warn = Warnings.Add };

    public List<string> Warnings { get; } = [];

    public ChangePlan Plan(params Package[] packages) => Planner.Plan(Root, Store, [.. packages.Select(Asked)]);

    /// <summary>Path → kind, mode, content of everything below the content of the root but pm's own state.</summary>
    public SortedDictionary<string, string> Tree() => Snapshot.Of(
        Root.Kind is RootKind.Prefix ? Root.Path : Root.ContentPath);

    public string Read(string path) => File.ReadAllText(Path.Join(Root.ContentPath, path));

    public void Write(string path, string text)
    {
        var full = Path.Join(Root.ContentPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>The file stays the same one: where it is a link to the store's, that is edited, too.</summary>
    public void Edit(string path, string text) => EditAt(Path.Join(Root.ContentPath, path), text);

    public static void EditAt(string fullPath, string text)
    {
        var mode = File.GetUnixFileMode(fullPath);
        File.SetUnixFileMode(fullPath, mode | UnixFileMode.UserWrite);
        File.WriteAllText(fullPath, text);
        File.SetUnixFileMode(fullPath, mode);
    }

    /// <summary>As an editor does it: a new file takes the name.</summary>
    public void Replace(string path, string text)
    {
        var full = Path.Join(Root.ContentPath, path);
        File.Delete(full);
        File.WriteAllText(full, text);
    }

    public bool Exists(string path) => FileStatus.OfLink(Path.Join(Root.ContentPath, path)) is not null;

    public void Dispose()
    {
        Root.Dispose();
        Store.Dispose();
        foreach (var home in new[] { Home, RootHome }.Distinct().Where(Directory.Exists))
        {
            using var parent = DirectoryHandle.Open(Path.GetDirectoryName(home)!);
            parent.RemoveTree(Path.GetFileName(home));
        }
    }

    void Open()
    {
        Store = Store.OpenOrCreate(StorePath);
        Root = Root.OpenOrCreate(RootPath, new RootSettings { Kind = _kind, StorePath = StorePath, Scope = "user" });
    }
}
