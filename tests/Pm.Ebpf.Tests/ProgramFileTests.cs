using System.Text;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Ebpf.Symbols;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Functions and marks of programs: those of marked.c, as a compiler left it, and of this machine's libraries.</summary>
public class ProgramFileTests
{
    static readonly string Marked = Path.Join(AppContext.BaseDirectory, "objects", "programs", "marked.o");

    [Theory]
    [InlineData("main", true)]
    [InlineData("reach", true)]
    [InlineData("mai", false)]
    [InlineData("mains", false)]
    [InlineData("marked.c", false)]
    [InlineData("", false)]
    public void A_function_is_one_that_is_named_so(string name, bool isThere)
    {
        using var file = File.OpenRead(Marked);

        Assert.Equal(isThere, ProgramFile.HasFunction(file, name));
    }

    /// <summary>The sections of a file that is not linked have no addresses: what a function's symbol says counts from its section on.</summary>
    [Theory]
    [InlineData("*", 2)]
    [InlineData("m?in", 1)]
    [InlineData("reac*", 1)]
    [InlineData("main", 1)]
    [InlineData("mai", 0)]
    [InlineData("*.c", 0)]
    public void Functions_that_a_pattern_stands_for_are_where_the_file_has_them(string pattern, int count)
    {
        using var file = File.OpenRead(Marked);

        var offsets = ProgramFile.FunctionsLike(file, pattern)!;

        Assert.Equal(count, offsets.Length);
        var bytes = File.ReadAllBytes(Marked);
        Assert.All(offsets, offset => Assert.True(offset >= 64 && bytes[(int)offset] != 0, $"{offset}"));
    }

    [Theory]
    [InlineData("pm", "reached", true)]
    [InlineData("pm", "reach", false)]
    [InlineData("p", "reached", false)]
    [InlineData("", "pm", false)]
    public void A_mark_has_both_names(string provider, string name, bool isThere)
    {
        using var file = File.OpenRead(Marked);

        Assert.Equal(isThere, ProgramFile.HasMark(file, provider, name));
    }

    /// <summary>Symbols that share one name without an end would cost their number times its length.</summary>
    [Theory]
    [InlineData(2048, 1)]
    [InlineData(2049, 0)]
    public void A_name_that_no_function_has_is_held_against_no_pattern(int length, int count)
    {
        using var file = new MemoryStream(WithFunction(new string('a', length)));

        Assert.Equal(count, ProgramFile.FunctionsLike(file, "a*")!.Length);
    }

    /// <summary>A program of one symbol alone. Source: elf(5).</summary>
    static byte[] WithFunction(string name)
    {
        const int head = 64;
        const int symbol = 24;
        var bytes = new byte[head + symbol + name.Length + 2 + (4 * head)];
        var table = head + symbol + name.Length + 2;
        "\u007fELF\u0002\u0001"u8.CopyTo(bytes);
        Put(40, 8, table);
        Put(58, 2, head);
        Put(60, 2, 4);
        Put(head, 4, 1);
        bytes[head + 4] = 2;
        Put(head + 6, 2, 1);
        Encoding.ASCII.GetBytes(name, bytes.AsSpan(head + symbol + 1));
        Section(2, type: 2, head, symbol, link: 3);
        Section(3, type: 3, head + symbol, name.Length + 2, link: 0);
        return bytes;

        void Section(int number, int type, int place, int size, int link)
        {
            var at = table + (number * head);
            Put(at + 4, 4, type);
            Put(at + 24, 8, place);
            Put(at + 32, 8, size);
            Put(at + 40, 4, link);
        }

        void Put(int at, int width, long value)
        {
            for (var i = 0; i < width; i++)
            {
                bytes[at + i] = (byte)(value >> (8 * i));
            }
        }
    }

    [Fact]
    public void Nothing_is_said_of_what_is_broken()
    {
        var bytes = File.ReadAllBytes(Marked);
        foreach (var length in Enumerable.Range(0, bytes.Length))
        {
            using var file = new MemoryStream(bytes[..length]);
            Assert.True(ProgramFile.HasFunction(file, "main") is null or true, $"{length} bytes");
            Assert.True(ProgramFile.HasMark(file, "pm", "reached") is null or true, $"{length} bytes");
            Assert.True(ProgramFile.FunctionsLike(file, "*") is null or { Length: 2 }, $"{length} bytes");
        }

        using var text = new MemoryStream("#!/bin/sh\n"u8.ToArray());
        Assert.Equal((false, null, null), (ProgramFile.IsOne(text), ProgramFile.HasFunction(text, "main"), ProgramFile.HasMark(text, "pm", "reached")));
        bytes[4] = 1;
        using var small = new MemoryStream(bytes);
        Assert.Equal((true, null), (ProgramFile.IsOne(small), ProgramFile.HasFunction(small, "main")));
    }

    [Fact]
    public void Why_a_file_will_not_do_is_said_and_nothing_where_it_will()
    {
        using var place = new Place();
        place.Copy("marked", isProgram: true);
        place.Copy("libmarked.so", isProgram: false);
        place.Copy("unmarked", isProgram: false);
        var files = place.Files();

        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uprobe, $"{Marked}:main+4")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uprobe, $"{Marked}:0x40")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uretprobe, "marked:main")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Usdt, "libmarked.so:pm:reached")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Uprobe, "")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.UprobeMulti, "marked:m*")));
        Assert.Equal((Path.Join(place.Path, "marked"), 2), files.FunctionsOf(new ProgramHook(HookKind.UprobeMulti, "marked:*")) is var (path, offsets) ? (path, offsets.Length) : default);
        Assert.Null(files.FunctionsOf(new ProgramHook(HookKind.UprobeMulti, "marked:n*")));
        Assert.Equal("`marked` has no function with a name that `n*` stands for", files.WhyNot(new ProgramHook(HookKind.UprobeMulti, "marked:n*")));
        Assert.Null(files.WhyNot(new ProgramHook(HookKind.Fentry, "/nowhere:main")));
        Assert.Equal("`marked` has no function `mian` that it gives a name", files.WhyNot(new ProgramHook(HookKind.Uprobe, "marked:mian")));
        Assert.Equal("`libmarked.so` has no mark `pm:rached`", files.WhyNot(new ProgramHook(HookKind.Usdt, "libmarked.so:pm:rached")));
        Assert.Equal("there is no program or library `unmarked`", files.WhyNot(new ProgramHook(HookKind.Uprobe, "unmarked:main")));
        Assert.Equal("there is no program or library `libpm-nowhere.so`", files.WhyNot(new ProgramHook(HookKind.Uprobe, "libpm-nowhere.so:main")));
        Assert.Equal("there is no program or library `/pm/nowhere`", files.WhyNot(new ProgramHook(HookKind.Usdt, "/pm/nowhere:pm:reached")));
        Assert.Equal("`/etc/passwd` is no program or library", files.WhyNot(new ProgramHook(HookKind.Uprobe, "/etc/passwd:main")));
    }

    /// <summary>The kernel says of it that something is wrong, and not what.</summary>
    [Fact]
    public void An_offset_lies_within_its_file()
    {
        var length = new FileInfo(Marked).Length;
        var said = FormattableString.Invariant($"`{Marked}` has {length} bytes, and 0x{length:x} is behind them");

        Assert.Equal(said, ProgramFiles.OfSystem.WhyNot(Hook(FormattableString.Invariant($"{Marked}:0x{length:x}"))));
        Assert.Equal(said, ProgramFiles.OfSystem.WhyNoFile(Hook(FormattableString.Invariant($"{Marked}:0x{length:x}"))));
        Assert.Null(ProgramFiles.OfSystem.WhyNot(Hook(FormattableString.Invariant($"{Marked}:0x{length - 1:x}"))));
        Assert.Null(ProgramFiles.OfSystem.WhyNoFile(Hook(FormattableString.Invariant($"{Marked}:0x{length - 1:x}"))));
    }

    /// <summary>Whoever opens one waits until somebody writes into it.</summary>
    [Fact]
    public void A_pipe_is_not_opened()
    {
        using var place = new Place();
        var path = place.Pipe("pipe");

        Assert.Equal($"`{path}` is no program or library", ProgramFiles.OfSystem.WhyNot(Hook($"{path}:main")));
        Assert.Equal($"`{path}` is no program or library", ProgramFiles.OfSystem.WhyNoFile(Hook($"{path}:main")));
        Assert.Null(ProgramFiles.OfSystem.WhyNoFile(Hook($"{Marked}:main")));
        Assert.Null(ProgramFiles.OfSystem.WhyNoFile(Hook("/pm/nowhere:main")));
    }

    /// <summary>libbpf takes whatever it may read, and waits for who writes into it.</summary>
    [Theory]
    [InlineData("libmarked.so")]
    [InlineData("libmarked.so.6")]
    [InlineData("marked")]
    public void What_is_named_without_a_path_is_the_first_file_and_never_a_pipe(string name)
    {
        using var planted = new Place();
        using var place = new Place();
        planted.Pipe(name);
        Directory.CreateDirectory(Path.Join(place.Path, "sub", name));
        var both = planted.Files(Path.Join(place.Path, "sub"), place.Path);

        Assert.Equal($"there is no program or library `{name}`", both.WhyNot(Hook($"{name}:main")));
        Assert.Equal($"there is no program or library `{name}`", both.WhyNoFile(Hook($"{name}:main")));
        Assert.Throws<FileNotFoundException>(() => both.Resolve(Hook($"{name}:main")));
        var file = place.Copy(name, isProgram: true);
        Assert.Equal(file, both.Find(name));
        Assert.Equal(file, both.Resolve(Hook($"{name}:main")));
        Assert.Null(both.WhyNot(Hook($"{name}:main")));
        Assert.Null(both.WhyNoFile(Hook($"{name}:main")));
        Assert.Null(both.Resolve(Hook($"{file}:main")));

        // One for many functions as well.
        var several = new ProgramHook(HookKind.UprobeMulti, $"{name}:ma*");
        Assert.Null(both.WhyNoFile(several));
        Assert.Equal(file, both.FunctionsOf(several)?.Path);
        Assert.Null(planted.Files().FunctionsOf(several));
        Assert.Equal($"there is no program or library `{name}`", planted.Files().WhyNoFile(several));
    }

    static ProgramHook Hook(string target) => new(HookKind.Uprobe, target);

    /// <summary>A directory of libraries and programs.</summary>
    sealed class Place : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("pm-programs-").FullName;

        public ProgramFiles Files(params string[] more) => new(name => name is "PATH" or "LD_LIBRARY_PATH" ? string.Join(':', [Path, "", .. more]) : null);

        public string Copy(string name, bool isProgram)
        {
            var path = System.IO.Path.Join(Path, name);
            File.Copy(Marked, path);
            File.SetUnixFileMode(path, isProgram ? (UnixFileMode)0x1ed : (UnixFileMode)0x1a4);
            return path;
        }

        public string Pipe(string name)
        {
            var path = System.IO.Path.Join(Path, name);
            Assert.Equal(0, MakePipe(path, 0x1ed));
            return path;
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "mkfifo", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    static extern int MakePipe(string path, uint mode);
}
