using System.Globalization;
using System.Text;
using Pm.Linux;

// Each word makes the puppet do one thing that a test cannot do in its own process.
return args[0] switch
{
    "replace" => Replace(args[1], args[2], args[3]),
    "append" => Append(args[1], args[2], args[3]),
    "hold" => Hold(args[1], isExclusive: args[2] == "exclusive", args[3], args[4]),
    "become" => Become(args[1..]),
    "descriptors" => Descriptors(),
    "grow" => Grow(),
    "follow" => Follow(args[1], isConfined: args[2] == "confined"),
    _ => 64,
};

// Puts a file in place under a fault, with a trace.
static int Replace(string path, string fault, string trace)
{
    using var file = trace == "-" ? null : WriteTraceFile.Install(trace);
    WriteDoor.Fault = fault == "-" ? null : WriteFault.Parse(fault);
    DurableFile.Replace(path, "new content, of 24 bytes"u8);
    return 0;
}

static int Append(string path, string fault, string text)
{
    using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
    using var file = directory.OpenAppend(Path.GetFileName(path), 420);
    WriteDoor.Fault = WriteFault.Parse(fault);
    FileWriting.Write(file, Encoding.UTF8.GetBytes(text));
    return 0;
}

// Takes a lock, says so through one pipe, and holds it until the writer of the other goes.
static int Hold(string path, bool isExclusive, string ready, string release)
{
    using var held = isExclusive
        ? FileLock.TryExclusive(path, "puppet show --all")
        : FileLock.TryShared(path, "puppet show --all");
    File.WriteAllText(ready, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {(held is null ? "busy" : "held")}"));
    _ = File.ReadAllText(release);
    return held is null ? 75 : 0;
}

static int Become(string[] words)
{
    ProcessImage.Replace(words[0], words[1..], [new("ONLY", "this")]);
    return 70; // Not reached: it returns by an exception or not at all.
}

static int Descriptors()
{
    foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd").Order())
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}"));
    }
    return 0;
}

// Runs a script that is to end with this process.
static int Follow(string script, bool isConfined)
{
    var options = new ChildOptions { FileName = "/bin/sh", Arguments = ["-c", script], EndsWithParent = true };
    return ChildProcess.Run(options with { Confinement = isConfined ? new Confinement { Writable = [] } : null }).ShellCode;
}

// Says how large the table of open files is, makes room, and says it again when there is some.
static int Grow()
{
    using var top = DirectoryHandle.Open("/");
    Console.WriteLine(TableSize());
    DescriptorTable.GrowBehind(top);
    SpinWait.SpinUntil(() => TableSize() >= DescriptorTable.Room, TimeSpan.FromSeconds(30));
    Console.WriteLine(TableSize());
    return 0;
}

static int TableSize() => int.Parse(
    File.ReadLines("/proc/self/status").First(l => l.StartsWith("FDSize:", StringComparison.Ordinal)).AsSpan(7), CultureInfo.InvariantCulture);
