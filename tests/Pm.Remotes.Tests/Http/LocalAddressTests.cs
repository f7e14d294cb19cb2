using System.Net;
using Pm.Remotes.Http;
using Xunit;

namespace Pm.Remotes.Tests.Http;

public sealed class LocalAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("0.1.2.3", true)]
    [InlineData("::", true)]
    [InlineData("::1%7", true)]
    [InlineData("::%7", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("169.253.0.1", false)]
    [InlineData("2001:db8::1", false)]
    public void Addresses_of_the_machine_and_its_link_are_local(string address, bool isLocal) =>
        Assert.Equal(isLocal, LocalAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://localhost/", true)]
    [InlineData("http://LOCALHOST:80/", true)]
    [InlineData("http://x.localhost./", true)]
    [InlineData("http://2130706433/", true)]
    [InlineData("http://0x7f.1/", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://[fe80::1%25eth0]/", true)]
    [InlineData("http://localhost.test/", false)]
    public void So_are_hosts_by_their_text(string url, bool isLocal) => Assert.Equal(isLocal, LocalAddress.Is(new Uri(url)));
}
