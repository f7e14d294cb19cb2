using Pm.Ebpf.Btf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>What an excerpt of a kernel's types says to an object's relocations is what all of the types say.</summary>
public class TypeExcerptTests
{
    [Fact]
    public void It_answers_as_the_running_kernel_does()
    {
        Assert.SkipUnless(File.Exists(KernelProbe.TypesPath), "this kernel does not say its types");
        var kernel = BtfFile.Parse(File.ReadAllBytes(KernelProbe.TypesPath), "vmlinux");

        Assert.Contains("tasks", AnsweredAlike(kernel));
    }

    [Fact]
    public void It_answers_as_the_types_of_another_object_do() =>
        Assert.Subset(AnsweredAlike(SampleObject.Spec("kernel").Types!), new HashSet<string> { "fitting", "matching" });

    [Fact]
    public void Whole_types_are_compared_as_they_are()
    {
        var spec = BpfSpec.Parse(MatchingTests.Asking(), "matching.o");
        var kernel = BtfFile.Parse(MatchingTests.KernelTypes(), "kernel");

        Assert.True(IsAnsweredAlike(kernel, spec));
    }

    [Fact]
    public void It_is_a_small_part_of_them()
    {
        Assert.SkipUnless(File.Exists(KernelProbe.TypesPath), "this kernel does not say its types");
        var kernel = BtfFile.Parse(File.ReadAllBytes(KernelProbe.TypesPath), "vmlinux");

        var excerpt = BtfFile.Parse(TypeExcerpt.Of(kernel, SampleObject.Spec("tasks"), () => false)!, "excerpt");

        Assert.InRange(excerpt.Count, 2, kernel.Count / 100);
    }

    [Fact]
    public void A_type_that_the_kernel_has_not_may_be_a_modules()
    {
        var kernel = SampleObject.Spec("kernel").Types!;
        var spec = SampleObject.Spec("fitting");

        Assert.Null(TypeExcerpt.Of(kernel, spec, () => true));
        Assert.NotNull(TypeExcerpt.Of(kernel, spec, () => false));
    }

    /// <returns>The objects for which there is an excerpt.</returns>
    static HashSet<string> AnsweredAlike(BtfFile kernel) =>
        [.. Directory.GetFiles(SampleObject.Folder, "*.o").Select(p => Path.GetFileNameWithoutExtension(p)).Where(name => IsAnsweredAlike(kernel, SampleObject.Spec(name)))];

    /// <returns>There is an excerpt for it.</returns>
    static bool IsAnsweredAlike(BtfFile kernel, BpfSpec spec)
    {
        if (!TypeExcerpt.IsEnoughFor(spec) || TypeExcerpt.Of(kernel, spec, () => false) is not { } excerpt)
        {
            return false;
        }

        var (whole, part) = (new CoreResolver(kernel), new CoreResolver(BtfFile.Parse(excerpt, "excerpt")));
        Assert.All(spec.Extension!.Relocations, relocation => Assert.Equal(whole.Answer(relocation), part.Answer(relocation)));
        return true;
    }
}
