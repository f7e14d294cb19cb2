using Xunit;

namespace Pm.Linux.Tests;

/// <summary>What is said to the kernel's networks, and what they say.</summary>
public class NetlinkTests
{
    [Fact]
    public void Attributes_are_read_as_they_are_written()
    {
        var message = new NetlinkMessage(36, 5, [1, 2, 3, 4, 5]);
        message.Add(1, "clsact");
        message.Add(2, options =>
        {
            options.Add(6, 0x01020304);
            options.Add(7, "");
        });

        var bytes = message.ToBytes(9);

        Assert.Equal([(byte)bytes.Length, 0, 0, 0, 36, 0, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0], bytes[..24]);
        var attributes = new NetlinkAttributes(bytes.AsSpan(24));
        Assert.Equal("clsact", attributes.Text(1));
        Assert.Equal(0x01020304u, attributes.Within(2).Number(6));
        Assert.Equal("", attributes.Within(2).Text(7));
        Assert.Null(attributes.Text(3));
        Assert.Null(attributes.Number(1));
        Assert.Null(attributes.Within(9).Number(6));
    }

    [Theory]
    [InlineData("")]
    [InlineData("040001")]
    [InlineData("03000100")]
    [InlineData("00000100")]
    [InlineData("09000100ff")]
    [InlineData("ffff0100")]
    [InlineData("0500020000")]
    public void What_does_not_fit_is_as_if_it_were_not_there(string hexadecimal)
    {
        var attributes = new NetlinkAttributes(Convert.FromHexString(hexadecimal));

        Assert.Null(attributes.Text(1));
        Assert.Null(attributes.Number(1));
    }

    [Fact]
    public void The_network_of_this_process_is_entered_by_staying()
    {
        Assert.Equal("here", NetworkNamespace.TryWithin(NetworkNamespace.Current, () => "here"));
        Assert.Null(NetworkNamespace.TryWithin(1, () => "nowhere"));
    }

    /// <summary>Anybody may ask.</summary>
    [Fact]
    public void An_interface_that_is_not_there_has_no_filters()
    {
        using var control = TrafficControl.Open();

        Assert.Empty(control.Filters(int.MaxValue, isEgress: false));
        Assert.DoesNotContain(int.MaxValue, control.Disciplines().Keys);
    }

    [Fact]
    public void What_the_kernel_refuses_has_its_number()
    {
        using var control = TrafficControl.Open();

        var e = Assert.Throws<SystemCallException>(() => control.AddDiscipline(int.MaxValue));

        Assert.Contains(e.Errno, (int[])[Errno.ENODEV, Errno.EPERM]);
    }
}
