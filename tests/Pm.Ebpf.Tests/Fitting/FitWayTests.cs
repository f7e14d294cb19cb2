using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>What is said of an object does not depend on how it is found out: by the few names that are looked for, and kinds that are tried when they are asked for, or by tables and trials of all.</summary>
public class FitWayTests
{
    static readonly KernelProbe Kernel = new();

    /// <summary>All objects at hand. PM_TEST_OBJECTS names a directory of more.</summary>
    public static TheoryData<string> Objects => [.. Directory.EnumerateFiles(Path.Join(AppContext.BaseDirectory, "objects"), "*.o", SearchOption.AllDirectories)
        .Concat(Environment.GetEnvironmentVariable("PM_TEST_OBJECTS") is { Length: > 0 } more ? Directory.EnumerateFiles(more, "*.o", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }) : [])
        .Where(IsRead).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Objects))]
    public void The_few_names_that_are_looked_for_give_what_a_table_of_all_gives(string path)
    {
        foreach (var bytes in Kernels())
        {
            var few = BtfFile.Parse(bytes, "kernel");
            var all = BtfFile.Parse(bytes, "kernel");

            // The table is made, and nothing is expected any more.
            _ = all.Named("int");

            Assert.Equal(Said(path, ByTypes(all)), Said(path, ByTypes(few)));
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Kinds_that_are_tried_when_they_are_asked_for_give_what_trials_of_all_give(string path)
    {
        Assert.SkipUnless(Kernel.HasTypes, "this kernel does not say its types");

        Assert.Equal(Said(path, Facts(KernelSurvey.Describe(Kernel, _ => null))), Said(path, Facts(KernelSurvey.Glance(Kernel), isLate: true)));
    }

    [Fact]
    public void Names_that_nobody_expected_are_found_as_those_that_somebody_did()
    {
        var bytes = SampleTypes;
        var (few, all) = (BtfFile.Parse(bytes, "kernel"), BtfFile.Parse(bytes, "kernel"));
        var names = all.Types.Select(t => t.Name).Where(n => n.Length > 0).Distinct().ToList();

        few.Expect(names.Take(names.Count / 2).Append("pm_no_such_name").Append("x").Append(""));

        Assert.Equal(names.Select(n => (n, Ids(all, n))), names.Select(n => (n, Ids(few, n))));
        Assert.Equal("", Ids(few, "pm_no_such_name") + Ids(few, "x") + Ids(few, ""));
        Assert.Contains(names, n => few.ExpectedAlike(n) is not null);
        Assert.Contains(names, n => few.ExpectedAlike(n) is null);
    }

    /// <summary>Of what is called so with three underscores behind it, all are found; a name of one letter among them.</summary>
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a___old", true)]
    [InlineData("ab", "ab___o", true)]
    [InlineData("abc", "abc___x", true)]
    [InlineData("task_struct", "task_struct___old", true)]
    [InlineData("task_struct", "task_struct", true)]
    [InlineData("a", "ab", false)]
    [InlineData("ab", "a", false)]
    [InlineData("abcd", "abce", false)]
    [InlineData("abc", "abcd", false)]
    [InlineData("task_struct", "task_struc", false)]
    [InlineData("task_struct", "task_structs", false)]
    public void A_name_is_told_from_others_by_all_of_it(string wanted, string text, bool isOne)
    {
        var names = new WantedNames([System.Text.Encoding.UTF8.GetBytes(wanted), "else"u8.ToArray()]);

        Assert.Equal(isOne, names.Has(System.Text.Encoding.UTF8.GetBytes(text + "\0else\0")));
        Assert.Equal(isOne, names.Has(System.Text.Encoding.UTF8.GetBytes(text + "\0")));
    }

    static string Ids(BtfFile types, string name) => string.Join(',', types.Named(name).Select(t => t.Id));

    static KernelFacts Facts(KernelDescription description, bool isLate = false) => new(Kernel.Types, description)
    {
        HasSymbol = Kernel.HasSymbol,
        HasSymbolLike = Kernel.HasSymbolLike,
        Modules = Kernel.Modules,
        MayLoad = Kernel.MayLoad,
        UnloadedModuleWith = Kernel.UnloadedModuleWith,
        TakesNow = isLate ? Kernel.Takes : null,
        HasTracepointNow = isLate ? Kernel.HasTracepoint : null,
        TracepointsNow = isLate ? () => Kernel.AllTracepoints : null,
    };

    static KernelFacts ByTypes(BtfFile types) => new(types, KernelDescription.Unknown) { Modules = new ModuleTypes(types, LoadedModules.Read()) };

    static byte[] SampleTypes => ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content.ToArray();

    static List<byte[]> Kernels() => [SampleTypes, .. Kernel.HasTypes ? [File.ReadAllBytes(KernelProbe.TypesPath)] : Array.Empty<byte[]>()];

    static List<string> Said(string path, KernelFacts kernel)
    {
        var bytes = File.ReadAllBytes(path);
        return [.. ObjectFit.Check(bytes, BpfSpec.Parse(bytes, "object"), kernel).Select(f => $"{f.Program.Name} {f.Verdict} {string.Join(',', f.Modules)} {string.Join("; ", f.Findings.Select(x => $"{x.Verdict} {x.Code} {x.Cause}"))}")];
    }

    static bool IsRead(string path)
    {
        try
        {
            return !BpfSpec.Parse(File.ReadAllBytes(path), "object").Programs.IsEmpty;
        }
        catch (EbpfFormatException)
        {
            return false;
        }
    }
}
