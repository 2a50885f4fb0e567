# A k3s of one node: it offers the NPU's cores, the pod of docs/kubernetes gets one and runs a model, and they go with the driver.
{
  meta.platforms = [ "aarch64-linux" ];

  nodes.machine =
    { config, pkgs, ... }:
    {
      imports = [ ./board ];
      virtualisation.cores = 2;
      virtualisation.diskSize = 8192;
      virtualisation.memorySize = 3072;
      mySystem.rknn.kubernetes.enable = true;
      services.k3s = {
        enable = true;
        role = "server";
        images = [
          config.services.k3s.package.airgap-images
          pkgs.rknn.simulated.oci-image
        ];
        disable = [
          "coredns"
          "local-storage"
          "metrics-server"
          "servicelb"
          "traefik"
        ];
      };
      environment.etc."npu/pod.yaml".source = ../../docs/kubernetes/npu-pod.yaml;
    };

  testScript = ''
    cores = "kubectl get node machine -o jsonpath='{.status.allocatable.rockchip\\.com/npu}'"
    phase = "kubectl get pod npu -o jsonpath='{.status.phase}'"
    machine.wait_for_unit("k3s.service")
    machine.wait_for_unit("rknn-device-plugin.service")

    with subtest("the node has its cores to give"):
        machine.wait_until_succeeds(f'test "$({cores})" = 3', timeout=300)

    with subtest("a pod gets one, and the library finds the NPU"):
        machine.succeed("install -D -m444 /etc/npu/model.rknn /var/lib/models/model.rknn")
        machine.wait_until_succeeds("kubectl get serviceaccount default", timeout=120)
        machine.succeed("kubectl apply -f /etc/npu/pod.yaml")
        machine.wait_until_succeeds(f'test "$({phase})" = Succeeded', timeout=300)
        said = machine.succeed("kubectl logs npu")
        assert "2.3.2" in said, said

    with subtest("labels are left for node-feature-discovery"):
        said = machine.succeed("cat /etc/kubernetes/node-feature-discovery/features.d/rknn")
        assert "rockchip.com/npu.soc=rk3588" in said.splitlines(), said

    with subtest("what vanishes is withdrawn, and comes back"):
        machine.succeed("rmmod rknpu")
        machine.wait_until_succeeds(f'test "$({cores})" = 0', timeout=120)
        machine.succeed("modprobe rknpu")
        machine.wait_until_succeeds(f'test "$({cores})" = 3', timeout=120)

    with subtest("a restart of the kubelet is survived"):
        machine.succeed("systemctl restart k3s.service")
        machine.wait_until_succeeds(f'test "$({cores})" = 3', timeout=300)
  '';
}
