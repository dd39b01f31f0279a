{ config, pkgs, ... }:

{
  virtualisation.docker = {
    enable = true;
    liveRestore = false; # a Swarm refuses it
  };

  systemd.services.swarm-init = {
    description = "Single-node Swarm and the network that all stacks share";
    after = [ "docker.service" ];
    requires = [ "docker.service" ];
    wantedBy = [ "multi-user.target" ];
    path = [ pkgs.docker ];
    unitConfig.ConditionPathExists = "/etc/swarm-init.env";
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      EnvironmentFile = "/etc/swarm-init.env";
    };
    script = ''
      if [ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = inactive ]; then
        docker swarm init --advertise-addr "$SWARM_ADDRESS" >/dev/null # or the join token lands in the journal
      fi
      docker network inspect proxy >/dev/null 2>&1 ||
        docker network create --driver overlay --attachable --subnet 10.10.0.0/16 proxy
    '';
  };
}
