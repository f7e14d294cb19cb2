namespace Pm.Ebpf.Loading;

/// <summary>Finds in what libbpf 1 says the few words that mean something.</summary>
static class LibBpfText
{
    const string LogBegin = "-- BEGIN PROG LOAD LOG --";
    const string LogEnd = "-- END PROG LOAD LOG --";

    /// <summary>Words that are about the verifier's work, not about what it found.</summary>
    static readonly string[] Counts = ["processed ", "verification time ", "stack depth ", "mark_precise:", "max_states", "cur state:", "old state:"];

    /// <summary>The program that the first message of one is about: <c>prog 'NAME': …</c>.</summary>
    public static string? ProgramOf(string log)
    {
        const string before = "prog '";
        foreach (var line in Lines(log))
        {
            var at = line.IndexOf(before, StringComparison.Ordinal);
            if (at >= 0 && line.IndexOf('\'', at + before.Length) is > 0 and var end)
            {
                return line[(at + before.Length)..end];
            }
        }

        return null;
    }

    public static bool IsFunctionMissing(string log) =>
        log.Contains("failed to find kernel BTF type ID of '", StringComparison.Ordinal) && log.Contains(": -3", StringComparison.Ordinal);

    /// <summary>The function of the kernel that programs call and that is not there: <c>extern (func ksym) 'NAME': not found in kernel or module BTFs</c>.</summary>
    public static string? MissingKernelFunction(string log)
    {
        const string before = "extern (func ksym) '";
        var at = log.IndexOf(before, StringComparison.Ordinal);
        var end = at < 0 ? -1 : log.IndexOf("': not found in kernel", at, StringComparison.Ordinal);
        return end < 0 ? null : log[(at + before.Length)..end];
    }

    /// <summary>The types of the kernel's modules may not be looked into, which libbpf before 1.4 takes for an error.</summary>
    public static bool AreModulesHidden(string log) => log.Contains("failed to iterate BTF objects: -1\n", StringComparison.Ordinal);

    /// <summary>libbpf does not know what a program is by the name of its section.</summary>
    public static bool IsKindMissing(string log) => log.Contains(": missing BPF prog type", StringComparison.Ordinal);

    /// <summary>The file that libbpf looked for, or tried to open, in vain: <c>failed to resolve full path for 'NAME': -2</c>, <c>failed to open NAME: …</c>.</summary>
    public static string? MissingFile(string log) => Between(log, "failed to resolve full path for '", "'") ?? Between(log, "failed to open ", ": No such file") ?? Between(log, "failed to open ELF binary '", "': -2");

    /// <summary>The file that libbpf was to look into is none that could have functions or marks.</summary>
    public static bool IsNoProgram(string log) => log.Contains("usdt: unrecognized ELF kind ", StringComparison.Ordinal) || log.Contains("elf: failed to get ehdr from ", StringComparison.Ordinal);

    /// <summary>A file has no function of that name.</summary>
    public static bool IsSymbolMissing(string log) => log.Contains("elf: failed to find symbol '", StringComparison.Ordinal);

    /// <summary>The verifier said why.</summary>
    public static bool HasVerdict(string log) => VerifierLines(log).Any();

    /// <summary>The last that the verifier says, and the line of source that it was at.</summary>
    public static string Verdict(LibBpfException failure)
    {
        var lines = VerifierLines(failure.Log).ToList();
        var verdict = lines.LastOrDefault(l => !l.StartsWith(';') && !char.IsAsciiDigit(l[0]));
        var source = lines.Where(l => l.StartsWith(';')).Select(l => l.TrimStart(';', ' ')).LastOrDefault(l => l.Length > 0);
        return verdict is null ? Last(failure) : source is null ? verdict : $"{verdict} ({At(source)})";
    }

    /// <summary>A line of the source as the verifier shows it: <c>TEXT @ FILE:LINE</c>, before Linux 6.9 the text alone; the text is not there where the compiler did not keep it.</summary>
    static string At(string source) => source.LastIndexOf("@ ", StringComparison.Ordinal) is >= 0 and var at && source[(at + 2)..] is var place && place.Contains(':', StringComparison.Ordinal)
        ? source[..at].Trim() is { Length: > 0 } text ? $"{place}: `{text}`" : place
        : $"at `{source}`";

    /// <summary><c>task_struct.field</c> of <c>failed to resolve CO-RE relocation &lt;byte_off&gt; [6] struct task_struct___x.field (0:0 @ offset 0)</c>.</summary>
    public static string? MissingField(string log)
    {
        const string before = "failed to resolve CO-RE relocation ";
        var at = log.IndexOf(before, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var line = log[(at + before.Length)..].Split('\n')[0];
        var words = line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim().Split(' ');
        var name = words[0] is "struct" or "union" or "enum" && words.Length > 1 ? words[1] : words[0];
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? Btf.CoreAccess.Bare(name) : Btf.CoreAccess.Bare(name[..dot]) + name[dot..];
    }

    /// <summary>The last message, without libbpf's name and advice; the kernel's word for the number where there is none.</summary>
    public static string Last(LibBpfException failure)
    {
        var last = Lines(failure.Log)
            .Where(l => l.StartsWith("libbpf: ", StringComparison.Ordinal) && !l.Contains("ulimit", StringComparison.Ordinal) && !l.Contains("RLIMIT_MEMLOCK", StringComparison.Ordinal) && !l.Contains("elf: skipping ", StringComparison.Ordinal) && !l.Contains(LogBegin, StringComparison.Ordinal) && !l.Contains(LogEnd, StringComparison.Ordinal))
            .Select(l => l["libbpf: ".Length..])
            .FirstOrDefault();
        return last ?? System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(failure.Errno);
    }

    static string? Between(string log, string before, string behind)
    {
        var begin = log.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var end = begin < before.Length ? -1 : log.IndexOf(behind, begin, StringComparison.Ordinal);
        return end > begin ? log[begin..end] : null;
    }

    static IEnumerable<string> VerifierLines(string log)
    {
        var begin = log.IndexOf(LogBegin, StringComparison.Ordinal);
        var end = log.IndexOf(LogEnd, StringComparison.Ordinal);
        return begin < 0 || end < begin ? [] : Lines(log[(begin + LogBegin.Length)..end]).Where(l => !Counts.Any(c => l.StartsWith(c, StringComparison.Ordinal)));
    }

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
