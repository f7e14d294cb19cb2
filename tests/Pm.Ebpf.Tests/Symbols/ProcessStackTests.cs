using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Pm.Ebpf.Symbols;
using Xunit;

namespace Pm.Ebpf.Tests.Symbols;

/// <summary>Addresses in processes, of which this one is one.</summary>
public sealed class ProcessStackTests : IDisposable
{
    /// <summary>Each test has its own: what was mapped where is kept.</summary>
    readonly StackNames _names = new(() => KernelSymbols.Parse([]));

    static readonly string[] Functions =
        ["getenv", "qsort", "printf", "malloc", "free", "fopen", "fclose", "getpid", "abort", "exit", "strtol", "nanosleep", "pthread_create", "readdir", "snprintf", "realloc"];

    readonly string _directory = Directory.CreateTempSubdirectory("pm-stacks").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The oracle is the loader: a function may have several names, and each of them is at this address.</summary>
    [Fact]
    public void A_function_of_libc_has_a_name_that_the_loader_finds_it_by()
    {
        var libc = NativeLibrary.Load("libc.so.6");
        Assert.All(Functions, function =>
        {
            var address = NativeLibrary.GetExport(libc, function);
            for (var distance = 0; distance < 8; distance += 3)
            {
                var name = _names.OfProcess(Environment.ProcessId, (ulong)(address + distance)).Split("+0x");

                Assert.Equal(address, NativeLibrary.TryGetExport(libc, name[0], out var found) ? found : 0);
                Assert.Equal($"{distance:x}", name[1]);
            }
        });
        Assert.Equal("getenv+0x0", _names.OfProcess(Environment.ProcessId, (ulong)NativeLibrary.GetExport(libc, "getenv")));
    }

    [Fact]
    public void Where_no_function_is_the_file_and_the_place_in_it_are_said()
    {
        using var mapped = Map("plain", Tiny);

        Assert.Equal("first+0x1", _names.OfProcess(Environment.ProcessId, mapped.At(0x101)));
        Assert.Equal("plain+0x200", _names.OfProcess(Environment.ProcessId, mapped.At(0x200)));
    }

    [Fact]
    public void A_file_without_symbols_is_said_as_ever()
    {
        using var mapped = Map("text", "#!/bin/sh\n"u8.ToArray());

        Assert.Equal("text+0x3", _names.OfProcess(Environment.ProcessId, mapped.At(3)));
    }

    [Fact]
    public void A_file_that_is_removed_has_names_still()
    {
        using var mapped = Map("removed", Tiny);
        Assert.SkipUnless(File.Exists($"/proc/self/map_files/{mapped.Start:x}-{mapped.Start + 0x1000:x}"), "who may look into /proc/PID/map_files has CAP_CHECKPOINT_RESTORE");

        File.Delete(mapped.Path);

        Assert.Equal("first+0x0", _names.OfProcess(Environment.ProcessId, mapped.At(0x100)));
    }

    [Fact]
    public void What_comes_often_is_read_once()
    {
        using var mapped = Map("often", Tiny);
        var programs = new KnownPrograms();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("second+0x0", programs.NameOf(Environment.ProcessId, ProcessMappings.Of(Environment.ProcessId).Find(mapped.Start)!, mapped.At(0x120)));
        }

        Assert.Equal(1, programs.Reads);
    }

    [Fact]
    public void A_file_that_is_changed_is_another()
    {
        var programs = new KnownPrograms();
        using (var mapped = Map("changed", Tiny))
        {
            Assert.Equal("first+0x0", programs.NameOf(Environment.ProcessId, ProcessMappings.Of(Environment.ProcessId).Find(mapped.Start)!, mapped.At(0x100)));
        }

        using var later = Map("changed", new TinyProgram().With("quite_another", 0x100, 8).Bytes());

        Assert.Equal("quite_another+0x0", programs.NameOf(Environment.ProcessId, ProcessMappings.Of(Environment.ProcessId).Find(later.Start)!, later.At(0x100)));
    }

    /// <summary>A pipe would be waited for, and another file has other names.</summary>
    [Fact]
    public void What_lies_in_the_place_of_the_file_is_not_opened()
    {
        var path = Path.Join(_directory, "program");
        File.WriteAllBytes(path, Tiny);
        Assert.Equal("first+0x0", NameAt(path, InodeOf(path)));
        Assert.Null(NameAt(path, InodeOf(path) + 1));

        File.Delete(path);
        Assert.Equal(0, MakePipe(path, 0b110_000_000));
        Assert.Null(NameAt(path, InodeOf(path)));
        Assert.Null(NameAt(_directory, InodeOf(_directory)));
        Assert.Null(NameAt("/dev/zero", InodeOf("/dev/zero")));
        Assert.Null(NameAt(path + "\0", 1));
        Assert.Null(NameAt("/" + new string('x', 5000), 1));
        Assert.Null(NameAt("[heap]", 1));
    }

    /// <summary>What FUSE has, its server may never give.</summary>
    [Theory]
    [InlineData("36 35 0:98 / /mnt rw,noatime master:1 - fuse.sshfs host rw", "fuse.sshfs")]
    [InlineData("36 35 0:98 / /mnt rw,noatime - ext4 /dev/root rw", "ext4")]
    [InlineData("36 35 0:99 / /mnt rw,noatime - fuse host rw", null)]
    [InlineData("36 35 0:98 - fuse", null)]
    [InlineData("36 35 0:98 / /mnt rw -", null)]
    [InlineData("", null)]
    public void The_type_of_a_file_system_is_behind_the_dash(string line, string? type) => Assert.Equal(type, ProcessFile.TypeIn(line, "0:98"));

    [Fact]
    public void What_is_mounted_nowhere_is_not_asked_for_anything()
    {
        using var mapped = Map("nowhere", Tiny);

        Assert.Null(new KnownPrograms().NameOf(Environment.ProcessId, new ProcessMapping(mapped.Start, mapped.Start + 0x1000, 0, mapped.Path) { Inode = InodeOf(mapped.Path), Device = "0:1048575" }, mapped.At(0x100)));
    }

    [Fact]
    public void Ever_new_files_are_not_read_for_ever_and_later_they_are_again()
    {
        var programs = new KnownPrograms(credit: 100_000);
        var mapped = Enumerable.Range(0, 3).Select(i => Map($"new{i}", Tiny)).ToList();
        var names = mapped.ConvertAll(m => programs.NameOf(Environment.ProcessId, ProcessMappings.Of(Environment.ProcessId).Find(m.Start)!, m.At(0x100)));
        var last = ProcessMappings.Of(Environment.ProcessId).Find(mapped[2].Start)!;

        Assert.Equal(["first+0x0", "first+0x0", null], names);
        Assert.Contains("first+0x0", Enumerable.Range(0, 64).Select(_ => programs.NameOf(Environment.ProcessId, last, mapped[2].At(0x100))));

        mapped.ForEach(m => m.Dispose());
    }

    static byte[] Tiny => new TinyProgram().With("first", 0x100, 0x20).With("second", 0x120, 0x10).Bytes();

    Mapped Map(string name, byte[] bytes)
    {
        var path = Path.Join(_directory, name);
        File.WriteAllBytes(path, bytes);
        return new Mapped(path);
    }

    /// <summary>A mapping that this process has not, so that its file is found by its name.</summary>
    static string? NameAt(string path, ulong inode) =>
        new KnownPrograms().NameOf(Environment.ProcessId, new ProcessMapping(0x1000, 0x2000, 0, path) { Device = "8:1", Inode = inode }, 0x1100);

    static ulong InodeOf(string path) => Pm.Linux.FileStatus.Of(path)!.Value.Inode;

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi)]
    static extern int MakePipe(string path, uint mode);

    sealed class Mapped : IDisposable
    {
        readonly MemoryMappedFile _file;
        readonly MemoryMappedViewAccessor _view;

        public Mapped(string path)
        {
            Path = path;
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            Start = (ulong)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        }

        public string Path { get; }

        public ulong Start { get; }

        public ulong At(ulong place) => Start + place;

        public void Dispose()
        {
            _view.Dispose();
            _file.Dispose();
        }
    }
}
