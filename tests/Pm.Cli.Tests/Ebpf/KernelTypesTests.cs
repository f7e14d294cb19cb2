using System.Formats.Tar;
using System.Text;
using Pm.Cli.Ebpf;
using Pm.Cli.Tests.Gear;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>
/// Whose types an object is fitted to: the kernel's own, those that an archive of ecc's has for it, or those of <c>--btf</c>. The object <c>fitting</c> depends on types that no kernel has, but
/// <c>kernel.o</c> beside it: by what runs of it one sees which were taken.
/// </summary>
public sealed class KernelTypesTests : IDisposable
{
    const string Release = "6.1.0-18-pm";

    readonly Sandbox _sandbox = new(null);

    static string Usual => $"debian/12/{EunomiaArchive.Architecture}/{Release}.btf";

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void An_archive_gives_the_types_of_the_kernel_that_is_asked_for()
    {
        var architecture = EunomiaArchive.Architecture;
        var path = Archive(
            ("package.json", "{}"), ($"debian/11/{architecture}/5.10.0-1-pm.btf", "older"), ($"debian/12/other/{Release}.btf", "of other machines"), ($"{Release}.btf", "of nothing"),
            ($"debian/12/{architecture}/{Release}.btf.txt", "text"), ($"./{Usual}", "right"), ($"ubuntu/22.04/{architecture}/{Release}.btf", "second"));

        Assert.Equal("right", Types(path, Release));
        Assert.Equal("older", Types(path, "5.10.0-1-pm"));
        Assert.Null(Types(path, "6.1.0-18"));
        Assert.Null(Types(path, ""));
    }

    [Fact]
    public void What_an_archive_has_for_a_kernel_without_types_is_what_its_object_is_fitted_to()
    {
        ObjectProcess.RequireKernel();
        var archive = Archive(("package.json", Package()), (Usual, TypesOfKernelObject()));

        var said = Run(archive, new ThisKernel(Release, HasTypes: false));

        Assert.Contains("program `gone`", said, StringComparison.Ordinal);
        Assert.DoesNotContain("program `weak_function`", said, StringComparison.Ordinal);
        Assert.Contains(" attached", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Release, true)]
    [InlineData("6.1.0-19-pm", false)]
    public void It_is_not_for_a_kernel_with_types_or_another(string release, bool hasTypes)
    {
        ObjectProcess.RequireKernel();
        var archive = Archive(("package.json", Package()), (Usual, TypesOfKernelObject()));

        var own = Run(archive, new ThisKernel(release, hasTypes));

        Assert.Equal(Run(Archive(("package.json", Package())), new ThisKernel(Release, HasTypes: true)), own);
        Assert.NotEqual(Run(archive, new ThisKernel(Release, HasTypes: false)), own);
    }

    [Fact]
    public void The_file_that_is_named_goes_before_what_an_archive_has()
    {
        ObjectProcess.RequireKernel();
        var named = Path.Join(_sandbox.Work, "named.btf");
        File.WriteAllBytes(named, TypesOfKernelObject());
        var archive = Archive(("package.json", Package()), (Usual, "no types at all"));

        Assert.Contains(" attached", Run(archive, new ThisKernel(Release, HasTypes: false), named), StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_is_fitted_to_the_types_of_the_file_that_is_named()
    {
        ObjectProcess.RequireKernel();
        File.WriteAllBytes(Path.Join(_sandbox.Work, "there.btf"), TypesOfKernelObject());

        var said = Run(Beside("fitting"), ThisKernel.Current, Path.Join(_sandbox.Work, "there.btf"), ContentKind.Object);

        Assert.Contains("program `gone` (raw_tp/sched_switch): field `pm_thing.gone` does not exist in this kernel [PM8036]", said, StringComparison.Ordinal);
        Assert.DoesNotContain("program `weak_function`", said, StringComparison.Ordinal);
        Assert.Contains(" attached", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_has_no_types_is_named_before_anything_is_loaded()
    {
        File.WriteAllText(Path.Join(_sandbox.Work, "broken.btf"), "no types at all");

        var (broken, missing) = (Pm("--btf", "broken.btf", Beside("fitting")), Pm("--btf", "nowhere.btf", Beside("fitting")));

        Assert.Equal((6, 4), (broken.Exit, missing.Exit));
        Assert.Contains("error[PM8021]", broken.Talk, StringComparison.Ordinal);
        Assert.Contains("error[PM0008]", missing.Talk, StringComparison.Ordinal);
        Assert.Contains("broken.btf", broken.Talk, StringComparison.Ordinal);
        Assert.Contains("nowhere.btf", missing.Talk, StringComparison.Ordinal);
    }

    StepResult Pm(params string[] words) => _sandbox.Run([Path.Join(AppContext.BaseDirectory, "pm"), "run", .. words], _sandbox.Environment, null);

    string Run(string path, ThisKernel kernel, string? typesPath = null, ContentKind kind = ContentKind.Archive)
    {
        using var world = new World(environment: _sandbox.Environment);
        world.Context = world.Context with { WorkingDirectory = _sandbox.Work };
        var choices = new ObjectChoices { Style = EventStyle.Json, EventTypes = new Dictionary<string, string>(), MapSizes = new Dictionary<string, uint>(), TypesPath = typesPath, Duration = TimeSpan.Zero };
        try
        {
            Assert.Equal(ExitCode.Ok, EbpfRun.Run(world.Context, new RunSource(path, "fitting", kind), choices, [], () => kernel));
            return world.Talk;
        }
        catch (BpfException e)
        {
            return e.Message;
        }
    }

    byte[] Package()
    {
        var result = _sandbox.Run([Path.Join(AppContext.BaseDirectory, "pm"), "pkg", "convert", Beside("fitting"), "package.json"], _sandbox.Environment, null);
        Assert.True(result.Exit == 0, result.Talk);
        return File.ReadAllBytes(Path.Join(_sandbox.Work, "package.json"));
    }

    static string? Types(string archive, string release) =>
        EunomiaArchive.Read(archive, "x.tar", release).KernelTypes is { } types ? Encoding.UTF8.GetString(types.Span) : null;

    static byte[] TypesOfKernelObject() => ElfObject.Parse(File.ReadAllBytes(Beside("kernel")), "kernel.o").Find(".BTF")!.Content.ToArray();

    static string Beside(string name) => Path.Join(AppContext.BaseDirectory, "objects", name + ".o");

    string Archive(params (string Name, object Content)[] entries)
    {
        var path = Path.Join(_sandbox.Work, Path.GetRandomFileName() + ".tar");
        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        foreach (var (name, content) in entries)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content as byte[] ?? Encoding.UTF8.GetBytes((string)content)) });
        }

        return path;
    }
}
