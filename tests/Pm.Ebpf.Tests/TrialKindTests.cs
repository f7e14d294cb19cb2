using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests;

public sealed class TrialKindTests
{
    /// <summary>The last is netfilter. Source: bpf_prog_type of Linux 6.18.</summary>
    [Fact]
    public void Each_type_of_program_has_a_kind_that_is_tried() => Assert.Equal(Enumerable.Range(1, 32), TrialKind.All.Select(k => k.Type).Distinct().Order());
}
